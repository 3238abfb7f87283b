"""Options and fixtures shared by all tests."""

import pytest

from fpcheck.cli import speak_chinese
from fpcheck.rulebook.kept import FOLDER
from fpcheck.rulebook.load import load_rulebook

speak_chinese()  # click keeps a help text in the language in which it was first shown


def pytest_addoption(parser):
    parser.addoption("--regenerate", action="store_true", help="write the goldens anew; review them as a diff")


@pytest.fixture(scope="session", autouse=True)
def keep_rulebooks_apart(tmp_path_factory):
    """Rulebooks that tests keep between runs stay out of the user's own folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER, str(tmp_path_factory.mktemp("kept")))
        yield


@pytest.fixture(scope="session")
def rulebook():
    return load_rulebook()


@pytest.fixture
def regenerate(request):
    return request.config.getoption("--regenerate")
