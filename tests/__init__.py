"""Tests of the whole product, on real files, a real store and a real browser."""

import pytest

# Failed assertions of helpers say what they compared, as those of tests do.
pytest.register_assert_rewrite("tests.browser_fixtures", "tests.pages_fixtures", "tests.tables")
