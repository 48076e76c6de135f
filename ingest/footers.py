"""How rows that are no data begin: totals, and what stands below a table."""

FOOTER = (
    "^(合\\s*计|总\\s*计|小\\s*计|共\\s*计|累\\s*计|制\\s*表|填\\s*报|填\\s*表|审\\s*核|复\\s*核|审\\s*批|"
    "报\\s*送|统\\s*计\\s*(人|员|单位|日期)|负\\s*责\\s*人|经\\s*办\\s*人|联\\s*系\\s*(人|电话)|备\\s*注|注\\s*[:：\\d]|"
    "说\\s*明|打印\\s*(人|日期|时间)|导出\\s*(人|日期|时间)|以下空白|[—–-]+\\s*(以下空白|完|end))"
)
# A first cell that is nothing but this word makes a total row, whatever else stands in it.
TOTAL = "^(合\\s*计|总\\s*计|小\\s*计|共\\s*计|累\\s*计)[:：]?$"
GRAND_TOTAL = "^(合\\s*计|总\\s*计)[:：]?$"
