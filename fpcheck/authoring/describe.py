"""A rule told to people: what it asks, which thresholds hold here and why, what it rests on."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from fpcheck.engine.threshold import threshold
from fpcheck.finding import TO_CHECK
from fpcheck.rulebook.compiled import CompiledRule, Rulebook, Value


def replacements(rulebook: Rulebook) -> Iterator[str]:
    """Say which rules take the place of others: by the same number, or by 替代 in their own region."""
    for one in rulebook.replaced:
        yield f"{one.id}：{one.upper} 代替了 {one.lower}"
    for number, rule in sorted(rulebook.by_id.items()):
        if other := rulebook.by_id.get(rule.rule.replaces or ""):
            yield f"{number}（{rule.file}）在{rule.rule.region}代替 {other.rule.id}（{other.file}）"


def _stead(rule: CompiledRule, rulebook: Rulebook) -> list[str]:
    """Say of one rule what it replaces and what replaces it, each with its file."""
    head = rule.rule
    lower = [f"代替了 {one.lower} 里的 {head.id}" for one in rulebook.replaced if one.id == head.id]
    if head.replaces:
        other = rulebook.by_id.get(head.replaces)
        lower.append(f"在{head.region}代替 {head.replaces}" + (f"（{other.file}）" if other else "（已跳过）"))
    upper = [r for _, r in sorted(rulebook.by_id.items()) if r.rule.replaces == head.id]
    return [*lower, *(f"在{r.rule.region}由 {r.rule.id}（{r.file}）代替" for r in upper)]


def as_record(rule: CompiledRule, rulebook: Rulebook) -> dict[str, Any]:
    """Give a rule's head as plain data; `overrides` is the file whose rule of this number it took the place of."""
    overrides = next((one.lower for one in reversed(rulebook.replaced) if one.id == rule.rule.id), None)
    return {
        "rule": rule.rule.id,
        "name": rule.rule.name,
        "type": rule.rule.type,
        "role": rule.rule.role,
        "severity": rule.rule.severity,
        "confidence": rule.rule.confidence,
        "category": rule.rule.category,
        "table": rule.rule.table,
        "region": rule.rule.region,
        "effective_from": rule.rule.effective_from.isoformat(),
        "file": rule.file,
        "overrides": overrides,
        "replaces": rule.rule.replaces,
        "replaced_by": sorted(r.rule.id for r in rulebook.rules if r.rule.replaces == rule.rule.id),
    }


def in_a_line(rule: CompiledRule, rulebook: Rulebook) -> str:
    """Give a rule's head as one line; what finds no fault has its role in the place of a severity."""
    head = rule.rule
    grade = head.severity if head.role == "问题" else head.role
    stead = "；".join(_stead(rule, rulebook))
    return f"{head.id}  {grade}  {head.category}  {head.name}  {head.type}" + (f"  （{stead}）" if stead else "")


def describe(rule: CompiledRule, rulebook: Rulebook, region: str, day: date) -> Iterator[str]:
    """Tell a rule line by line, with the thresholds in force in `region` on `day`."""
    head = rule.rule
    until = f"，{head.effective_until} 失效" if head.effective_until else ""
    yield f"{head.id} {head.name}（{head.type}）"
    graded = f" · 级别{head.severity} · 把握{head.confidence}" if head.role == "问题" else ""
    yield f"  {head.role} · {head.category}{graded}"
    yield f"  文件 {rule.file}；{head.region}，{head.effective_from} 生效{until}；对象 {head.table}"
    yield from (f"  {line}" for line in _stead(rule, rulebook))
    if head.cross_checks:
        yield "  勾稽：表内各数应当对得上；对不上的与其他勾稽一起用来推算哪一格可能填错"
    for title, lines in (("适用", head.applies), ("条件（都成立才命中）", head.conditions), ("除非", head.unless)):
        if lines:
            yield f"  {title}："
            yield from (f"    - {line}" for line in lines)
    for name in sorted(rule.parameters):
        yield from _threshold(name, rulebook, region, day)
    asks = head.role == TO_CHECK
    yield f"  {'要核对' if asks else '问题'}：{head.message}"
    if head.fix:
        yield f"  {'要看' if asks else '整改'}：{head.fix}"
    if rule.recommendation:
        yield f"  建议：{rule.recommendation.title}。{rule.recommendation.text}"
    yield "  依据："
    yield from (f"    - {basis}" for basis in rule.basis)
    if head.examples:
        yield "  样例："
        yield from (f"    - {example.name} → {example.verdict}" for example in head.examples)


def _threshold(name: str, rulebook: Rulebook, region: str, day: date) -> Iterator[str]:
    """Tell the value in force; of several, tell all, the nearest first, and mark that one."""
    found = rulebook.parameters.find(name, region, None, day)
    if found is None:
        yield f"  参数.{name}：{region}在 {day} 没有生效的值"
    else:
        yield f"  {threshold(name, found, rulebook, '元')}"
    settings = rulebook.parameters.values[name]
    if len(settings) == 1 and found:
        return
    layers = rulebook.glossary.layers(region)
    for value in sorted(settings, key=lambda value: _nearness(value, layers)):
        told = threshold(name, value, rulebook, "元")
        mark, why = ("→", "，用这个") if value is found else ("　", _unused(value, found, layers, day))
        yield f"    {mark} {told.value.text}（{told.origin}）{why}"


def _nearness(value: Value, layers: list[str]) -> tuple[int, bool]:
    region = value.setting.region
    return layers.index(region) if region in layers else len(layers), value.setting.template is not None


def _unused(value: Value, found: Value | None, layers: list[str], day: date) -> str:
    """Say why a value does not hold for `layers` on `day`."""
    setting = value.setting
    if setting.region not in layers:
        return f"，只用于{setting.region}"
    if setting.since > day:
        return f"，{setting.since} 才起用"
    if setting.template:
        return f"，只用于表样“{setting.template}”"
    nearer = found and found.setting.region
    if nearer == setting.region:
        return "，自己的规则另有取值" if found and found.layer > value.layer else "，另有更晚的取值"
    return f"，{nearer}另有取值"
