"""What is wrong with a schedule file, cell by cell, in the words of the person who must mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TEXTS: dict[str, tuple[str, str]] = {
    # about the file as a whole
    "empty_file": ("文件是空的", "the file is empty"),
    "old_excel": (
        "旧版或加密的 Excel 文件无法读取，请另存为不加密的 .xlsx",
        "an old or encrypted Excel file cannot be read; save it as .xlsx without a password",
    ),
    "broken_xlsx": (
        "Excel 文件已损坏，请重新保存后再试",
        "the Excel file is broken; save it again",
    ),
    "encoding": (
        "无法识别文字编码，请存为 UTF-8 或 GBK 的 CSV，或 .xlsx",
        "the text encoding is not known; save it as UTF-8 or GBK CSV, or as .xlsx",
    ),
    "csv": ("CSV 格式有误：{value}", "the CSV is malformed: {value}"),
    "too_big": (
        "文件过大：最多 {value} 行，请拆分后再导入",
        "the file is too big: at most {value} rows; split it",
    ),
    "many_sheets": (
        "有多个工作表（{value}），请只保留一个",
        "there are several sheets ({value}); keep only one",
    ),
    "epoch_1904": (
        "该工作簿使用 1904 日期系统，请在 Excel 选项中关闭后再保存",
        "this workbook counts days from 1904; switch that off in Excel's options and save it",
    ),
    "no_header": (
        "找不到表头，缺少这些列：{value}",
        "no header row was found; these columns are missing: {value}",
    ),
    "double_header": ("表头 {value} 出现了两次", "the heading {value} stands there twice"),
    "no_rows": ("表头下面没有内容", "there is nothing below the header"),
    # about one cell
    "blank": (
        "不能为空（合并单元格请拆开并逐行填写）",
        "must not be blank (split merged cells and fill in every row)",
    ),
    "date": (
        "“{value}”不是日期，请写成 2026-11-23",
        "{value!r} is no date; write it like 2026-11-23",
    ),
    "far_date": (
        "日期“{value}”不在 2000 至 2099 年之间",
        "the date {value!r} is not between 2000 and 2099",
    ),
    "time": ("“{value}”不是时间，请写成 09:00", "{value!r} is no time; write it like 09:00"),
    "no_such_time": (
        "当地时间“{value}”不存在（夏令时跳过）",
        "the local time {value!r} does not exist (clocks go forward)",
    ),
    "post": ("“{value}”不是岗位，请写 A 或 B", "{value!r} is no post; write A or B"),
    "window": (
        "没有窗口“{value}”；已有：{known}",
        "there is no window {value!r}; known are: {known}",
    ),
    "staff": (
        "没有工号“{value}”的人员，请先导入人员表",
        "no member of staff has the number {value!r}; import the staff list first",
    ),
    "staff_name": (
        "没有叫“{value}”的人员，请填写工号",
        "no member of staff is called {value!r}; give the staff number",
    ),
    "two_of_name": (
        "有多人叫“{value}”，请填写工号",
        "several members of staff are called {value!r}; give the staff number",
    ),
    "name_differs": (
        "姓名“{value}”与工号不符，该工号登记为“{known}”",
        "the name {value!r} does not belong to this number, which is {known!r}",
    ),
    "too_long_text": ("文字过长（最多 {known} 字）", "the text is too long (at most {known})"),
    "control": ("含有不可见的控制字符", "it holds invisible control characters"),
    # about a row
    "too_long": (
        "班次长达 {value}，超过 16 小时；结束不晚于开始时按次日计算，请检查",
        "the shift lasts {value}, more than 16 hours; an end that is not after the start means "
        "the next day; check both",
    ),
    "end_before_start": ("结束不晚于开始", "the end is not after the start"),
    "duplicate": ("与第 {value} 行重复", "the same as row {value}"),
    "overlap": (
        "与第 {value} 行同一人的班次时间重叠",
        "overlaps the shift of the same person in row {value}",
    ),
    "overlap_known": (
        "与已有班次重叠：{value}",
        "overlaps a shift that is already in the schedule: {value}",
    ),
    "post_twice": (
        "该窗口的此岗位在第 {value} 行已有他人",
        "row {value} gives this post of the window to somebody else",
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `row` counts as a spreadsheet does, from 1; 0 is the file as a whole.
    `column` is the heading as it stands in the file, or empty for the row as a whole."""

    row: int
    column: str
    code: str
    value: str = ""
    known: str = ""

    def text(self, language: str = "zh") -> str:
        chinese, english = TEXTS[self.code]
        chosen = chinese if language == "zh" else english
        return chosen.format(value=self.value, known=self.known)


class ScheduleRefusedError(ValueError):
    """A schedule file with problems; nothing of it was imported."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        lines = [f"row {p.row}, {p.column or '-'}: {p.text('en')}" for p in self.problems[:20]]
        more = [f"and {len(self.problems) - 20} more"] if len(self.problems) > 20 else []
        super().__init__("the schedule was not imported:\n" + "\n".join(lines + more))
