"""What goes wrong while a hand-out is made, registered or looked up, as a sentence to act on."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from filelock import Timeout

from pages.ui.text import _
from warehouse.errors import WarehouseError, WarehouseOutdated


@contextmanager
def errors() -> Iterator[None]:
    """Say what went wrong and what to do; the rest of the page goes on."""
    try:
        yield
    except WarehouseOutdated:
        _say(_("这个快照由另一版本的程序写成，本版本读不出它的数字。请改选较新的快照。"))
    except WarehouseError as error:
        _say(str(error))
    except Timeout:
        _say(_("别人正在登记，请稍后再试。"))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        _say(_("文件读写失败：{reason}。请联系管理员。").format(reason=reason))
    except Exception:
        logging.getLogger(__name__).exception("hand-out failed")
        _say(_("程序出错，没有做完，原因已记入服务器日志。请联系管理员。"))


def _say(text: str) -> None:
    st.error(text, icon=":material/error:")
