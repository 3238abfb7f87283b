"""The parts of a package while it is changed: what they hold, how they point to one another, what kind they are."""

import posixpath

from fpcheck.intake.office.package import Package, Relation, open_package
from fpcheck.report.form_copy import markup
from fpcheck.report.form_copy.archive import repacked
from fpcheck.report.form_copy.splice import Splice, outline, utf8

TYPES = "[Content_Types].xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_RELATIONS = b"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>"""
_SIGNATURES = "_xmlsignatures/"


class Parts:
    """A package to be changed."""

    def __init__(self, data: bytes, source: str) -> None:
        """Open it.

        Raises:
            Unreadable: no sound package, past a limit, or signed: any change would break the signature.
        """
        self.source = source
        self._data = data
        self._package: Package = open_package(data, source)
        self._names = {name.lower(): name for name in self._package.names}
        self._changed: dict[str, bytes] = {}
        if any(name.startswith(_SIGNATURES) for name in self._names):
            self._package.refuse(
                "文件带有数字签名，写入批注会使签名失效，没有写",
                "请用还没有签名的那份来查；或用 --format text 看结果",
            )

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._names

    def read(self, name: str) -> bytes:
        """What a part holds now, in UTF-8."""
        stored = self._names.get(name.lower(), name)
        return self._changed[stored] if stored in self._changed else utf8(self._package.read(name))

    def write(self, name: str, content: bytes) -> None:
        """Change a part, or add it."""
        self._changed[self._names.setdefault(name.lower(), name)] = content

    def relations(self, name: str = "") -> dict[str, Relation]:
        """Where a part of the original points to, by id."""
        return self._package.relations(name)

    def target(self, name: str, kind: str) -> str | None:
        """The part of a kind to which a part of the original points."""
        found = (one.target for one in self.relations(name).values() if one.kind == kind and not one.external)
        return next((target for target in found if target in self), None)

    def free_name(self, pattern: str) -> str:
        """A name that no part has; `{}` in it stands for a number."""
        return next(name for number in range(1, 10_000) if (name := pattern.format(number)) not in self)

    def relate(self, name: str, kind: str, target: str) -> str:
        """Let a part point to another; give the id."""
        folder, _, file = name.rpartition("/")
        part = posixpath.join(folder, "_rels", f"{file}.rels")
        data = self.read(part) if part in self else _RELATIONS
        root = outline(data, self.source, part, depth=1)
        taken = {child.given.get("Id") for child in root.children}
        new = next(one for number in range(1, 100_000) if (one := f"rId{number}") not in taken)
        p = markup.prefix(data[root.start : root.opened])
        path = markup.xml(posixpath.relpath(target, folder or "."))
        splice = Splice(data)
        splice.append(root, f'<{p}Relationship Id="{new}" Type="{_OFFICE}{kind}" Target="{path}"/>'.encode())
        self.write(part, splice.done())
        return new

    def add(self, owner: str, kind: str, name: str, content: bytes, content_type: str) -> str:
        """Add a part to which another points; give the id."""
        self.write(name, content)
        self.declare(name, content_type)
        return self.relate(owner, kind, name)

    def declare(self, name: str, content_type: str) -> None:
        """Tell the kind of a part."""
        self._type("Override", "PartName", f"/{name}", content_type)

    def declare_ending(self, ending: str, content_type: str) -> None:
        """Tell the kind of all parts with an ending."""
        self._type("Default", "Extension", ending, content_type)

    def done(self) -> bytes:
        """The package with all changes."""
        return repacked(self._data, self._changed)

    def _type(self, element: str, key: str, value: str, content_type: str) -> None:
        data = self.read(TYPES)
        root = outline(data, self.source, TYPES, depth=1)
        if any(child.given.get(key, "").lower() == value.lower() for child in root.all(element)):
            return
        p = markup.prefix(data[root.start : root.opened])
        new = f'<{p}{element} {key}="{markup.xml(value)}" ContentType="{content_type}"/>'.encode()
        splice = Splice(data)
        if element == "Default":
            splice.insert(root.opened, new)
        else:
            splice.append(root, new)
        self.write(TYPES, splice.done())
