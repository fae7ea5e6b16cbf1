"""The roster."""

# ruff: noqa: E501
from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "nav.roster": ("排班", "Roster"),
    # the roster
    "day_before": ("前一天", "The day before"),
    "day_after": ("后一天", "The day after"),
    "to_today": ("回到今天", "Back to today"),
    "pick_day": ("选择日期", "Choose a day"),
    "no_roster": ("还没有排班", "No roster yet"),
    "no_roster_do": (
        "先导入人员表，再导入班次。没有排班时，提醒会注明“排班表上无人”，不会猜是谁。",
        "Import the staff first, then the shifts. Without a roster, alerts say “nobody on the schedule” and never guess.",
    ),
    "standing": ("{post} {name}", "{post} {name}"),
    "space_comma": ("　", ", "),
    "no_shift": ("当天没有排班", "No shift on this day"),
    "leaves_title": ("当天请假与外出", "On leave or out of office"),
    "no_leaves": ("没有人请假。", "Nobody is away."),
    "all_day": ("全天", "all day"),
    "kind.shifts": ("班次", "Shifts"),
    "kind.staff": ("人员", "Staff"),
    "kind.leaves": ("请假", "Leaves"),
    "import_title": ("导入", "Import"),
    "import_kind": ("文件内容", "What the file holds"),
    "import_drop": ("把 Excel 或 CSV 拖到这里", "Drop an Excel or CSV file here"),
    "import_choose": (
        "或点击选择文件（.xlsx、.csv，含 GBK）",
        "or click to choose (.xlsx, .csv, GBK too)",
    ),
    "import_replace": ("替换这些窗口当天已有的班次", "Replace shifts already there on these days"),
    "import_template": ("下载空白模板", "Download an empty template"),
    "import_busy": ("正在检查并导入……", "Checking and importing …"),
    "import_done": (
        "已导入：新增 {added} 条，未变 {unchanged} 条，替换掉 {removed} 条",
        "Imported: {added} added, {unchanged} unchanged, {removed} replaced",
    ),
    "import_refused": ("什么都没有导入：有 {n} 处要改", "Nothing was imported: {n} things to mend"),
    "import_row": ("行", "Row"),
    "import_column": ("列", "Column"),
    "import_why": ("怎么改", "What to mend"),
    "import_whole_file": ("整个文件", "Whole file"),
    "import_more": ("还有 {n} 处，改好上面的再导入。", "And {n} more; mend these first."),
    "import_too_big": ("文件太大，请拆分后再导入", "The file is too big; split it"),
    "import_failed": (
        "没有导入成功，什么都没有改动，请再试一次",
        "The import did not work and nothing was changed; try again",
    ),
}
