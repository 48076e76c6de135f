"""上传: drop files, see what they would change, confirm, and see at once what became of them."""

import streamlit as st

from pages.ui import frame
from pages.ui.text import _
from pages.ui.upload import card, folder
from pages.ui.upload.desk import desk, empty_uploader, remember, uploader_key
from warehouse import loading
from warehouse.home import current_home

BUSY_S, CALM_S = 1.0, 3.0

page = frame.open_free_page(__file__)
page.head(
    _("先检查，看清会新增、更新、退回哪些行，会改变哪些指标，再决定是否装载；装载前什么都不写入。")
)
mine = desk(current_home())
mine.look()

size = st.get_option("server.maxUploadSize")
# The button of the framework speaks English; the style sheet puts these words in its place.
words = _("选择文件，或把文件拖到这里")
st.html(f"<style>.st-key-upload_drop {{ --upload-words: '{words}'; }}</style>")
with st.container(key="upload_drop"):
    files = st.file_uploader(
        _("选择或拖入数据文件：Excel、WPS 或文本表格，可多选，单个不超过 {size} MB").format(
            size=size
        ),
        accept_multiple_files=True,
        key=uploader_key(),
    )
st.caption(_("更大的文件请直接放进收件箱。上传后没有装载的文件不超过半天就会从服务器上删除。"))
if files:
    try:
        mine.take([(file.name, file) for file in files])
    except OSError as error:
        st.error(_("文件没有存下来：{reason}。请联系管理员。").format(reason=error.strerror))
    else:
        empty_uploader()
        st.rerun()


def newest() -> object:
    """What changes whenever a loader has finished a file."""
    return next((one.at for one in loading.outcomes(mine.home)), None)


remember(mine)
was_busy, seen = mine.is_busy, newest()


@st.fragment(run_every=BUSY_S if was_busy else CALM_S)
def live() -> None:
    """Everything that changes by itself."""
    with frame.calm(page.title):
        mine.look()
        if mine.is_busy != was_busy or newest() != seen:
            # The whole page, so that its foot tells the new snapshot too.
            st.rerun()
        for upload in list(mine.uploads):
            card.show(mine, upload)
        folder.show(mine)


live()
