"""What can be wrong with a file as a whole. The child process knows these too."""

from servicekit.problems import Problem, Unprocessable

MOST_ROWS = 100_000
MOST_COLUMNS = 100
LONGEST_CELL = 32_767
"""Characters, a workbook's own limit."""
MOST_ERRORS = 10_000
"""A file with more wrong places than that is of another form altogether."""


class FileRefused(Unprocessable):
    """Base of these: a 422 where the file is taken, the failure of the job where it is opened."""


class UnreadableFile(FileRefused):
    code = "unreadable_file"
    zh = "文件已损坏，无法读取"
    en = "The file is damaged and cannot be read"


class TooManyParts(FileRefused):
    code = "too_many_parts"
    zh = "工作簿的内部文件过多（上限 {most}）"
    en = "The workbook has too many parts (at most {most})"


class UnpackedTooLarge(FileRefused):
    code = "unpacked_too_large"
    zh = "工作簿解压后过大（上限 {most} MiB）"
    en = "The workbook is too large when unpacked (at most {most} MiB)"


class SuspiciousCompression(FileRefused):
    code = "suspicious_compression"
    zh = "工作簿的压缩方式异常，疑似压缩炸弹"
    en = "The workbook is packed in a way no spreadsheet program does: it may be a zip bomb"


class UnsafePart(FileRefused):
    code = "unsafe_part"
    zh = "工作簿的内部文件名不安全"
    en = "The workbook has a part with an unsafe name"


class EncryptedPart(FileRefused):
    code = "encrypted_workbook"
    zh = "工作簿已加密，请去除密码后再上传"
    en = "The workbook is encrypted; save it without a password"


class MacrosNotAllowed(FileRefused):
    code = "macros_not_allowed"
    zh = "不接受含宏的工作簿，请另存为 .xlsx"
    en = "A workbook with macros is not accepted; save it as .xlsx"


class ExternalLinks(FileRefused):
    code = "external_links"
    zh = "工作簿引用了外部文件或含嵌入对象，请去除后再上传"
    en = "The workbook refers to other files or embeds objects; remove these"


class DocumentType(FileRefused):
    code = "document_type_not_allowed"
    zh = "工作簿含 DOCTYPE 声明，不予接受"
    en = "The workbook declares a DOCTYPE, which is not accepted"


class TooDemanding(FileRefused):
    code = "file_too_demanding"
    zh = "读取该文件所需的内存或时间超出限制"
    en = "Reading the file takes more memory or time than is allowed"


class UnknownEncoding(FileRefused):
    code = "unknown_encoding"
    zh = "无法识别文本编码，请使用 UTF-8 或 GB18030"
    en = "The text's encoding is not recognised; use UTF-8 or GB18030"


class NullInText(FileRefused):
    code = "null_in_text"
    zh = "文本含空字符（NUL）"
    en = "The text contains NUL characters"


class MalformedCsv(FileRefused):
    code = "malformed_csv"
    zh = "CSV 格式有误：{reason}"
    en = "The CSV is malformed: {reason}"


class NoSheet(FileRefused):
    code = "no_sheet"
    zh = "工作簿没有可见的工作表"
    en = "The workbook has no visible sheet"


class EmptySheet(FileRefused):
    code = "empty_sheet"
    zh = "工作表“{sheet}”没有数据行"
    en = "The sheet {sheet} has no rows below its heads"


class TooManyRows(FileRefused):
    code = "too_many_rows"
    zh = "行数超过上限 {most}"
    en = "More than {most} rows"


class TooManyColumns(FileRefused):
    code = "too_many_columns"
    zh = "列数超过上限 {most}"
    en = "More than {most} columns"


class CellTooLong(FileRefused):
    code = "cell_too_long"
    zh = "单元格 {cell} 的文本超过 {most} 个字符"
    en = "The cell {cell} has more than {most} characters"


class MergedHeads(FileRefused):
    code = "merged_heads"
    zh = "表头含合并单元格（{cells}）；第一行应为每列一个列名"
    en = "The heads are merged ({cells}); the first row must name each column"


class ForeignForm(FileRefused):
    code = "foreign_form"
    zh = "该工作簿是其他用途的模板，不能在此导入"
    en = "The workbook is a form for something else; it cannot be imported here"


class HeadsRefused(FileRefused):
    code = "heads_refused"
    zh = "表头有误，各处原因见 errors"
    en = "The heads are not right; `errors` names each"


class ImportRefused(FileRefused):
    code = "import_refused"
    zh = "有行未被接受，因此全部未保存；各处原因见 errors"
    en = "Some rows were refused, so nothing was stored; `errors` names each place"


class TooManyErrors(FileRefused):
    code = "too_many_errors"
    zh = "错误超过 {most} 处，已停止检查"
    en = "More than {most} wrong places: the rest was not looked at"


AT_ONCE = (
    UnreadableFile,
    TooManyParts,
    UnpackedTooLarge,
    SuspiciousCompression,
    UnsafePart,
    EncryptedPart,
    MacrosNotAllowed,
    ExternalLinks,
    DocumentType,
)
"""What is told while the caller waits; the others are failures of the job."""


def by_code() -> dict[str, type[Problem]]:
    return {each.code: each for each in FileRefused.__subclasses__()}
