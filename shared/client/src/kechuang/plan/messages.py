"""The reasons a plan file is refused, in both languages, keyed by a stable code."""

from kechuang.plan.errors import Finding, PlanError, path_text

_TEXTS: dict[str, tuple[str, str]] = {
    "file_unreadable": ("文件无法读取：{reason}", "the file cannot be read: {reason}"),
    "file_too_large": ("文件超过 {limit} 字节", "the file is larger than {limit} bytes"),
    "not_utf8": ("文件不是 UTF-8 编码", "the file is not UTF-8"),
    "bad_yaml": ("YAML 格式错误：{reason}", "not valid YAML: {reason}"),
    "too_deep": ("嵌套超过 {limit} 层", "nested deeper than {limit} levels"),
    "too_many_nodes": ("内容超过 {limit} 项", "more than {limit} values"),
    "not_a_mapping": ("文件应为一组键和值", "the file must be one mapping"),
    "key_not_text": ("键必须是文字", "a key must be text"),
    "duplicate_key": ("键“{key}”重复", "key '{key}' is given twice"),
    "missing": ("缺少字段“{field}”", "field '{field}' is missing"),
    "unknown_field": ("没有“{field}”这个字段", "there is no field '{field}'"),
    "bad_choice": ("“{given}”不在允许的值中：{expected}", "'{given}' is not one of {expected}"),
    "bad_year": (
        "年份“{given}”无效，应为 Y1、Y2 或 Y3",
        "year '{given}' is not a programme year (Y1, Y2, Y3)",
    ),
    "bad_code": (
        "代码“{given}”无效，只用小写字母、数字和连字符",
        "'{given}' is not a valid code (lower-case letters, digits, hyphens)",
    ),
    "bad_section": ("“{given}”不是方案的章节", "'{given}' is not a section of the plan"),
    "bad_metric": ("指标来源“{given}”格式无效", "'{given}' is not a metric name"),
    "bad_number": ("“{given}”不是有效的数", "'{given}' is not a number that can be used"),
    "bad_type": ("此处的值类型不对，应为{expected}", "the value must be {expected}"),
    "too_long": ("文字超过 {limit} 字", "longer than {limit} characters"),
    "too_short": ("不能为空", "must not be empty"),
    "bad_value": ("值不符合要求：{reason}", "not acceptable: {reason}"),
    "duplicate_code": (
        "代码“{given}”已在第 {line} 行用过",
        "code '{given}' is already used on line {line}",
    ),
    "duplicate_number": ("序号 {given} 已被“{other}”使用", "number {given} is taken by '{other}'"),
    "duplicate_entry": ("“{given}”重复列出", "'{given}' is listed twice"),
    "unknown_reference": ("没有代码为“{given}”的{zh_kind}", "there is no {en_kind} '{given}'"),
    "unit_cycle": ("上级关系成环：{given}", "the units stand under one another: {given}"),
    "group_without_unit": (
        "项目组“{given}”在 units 中没有类别为 working_group 的同名单位",
        "working group '{given}' has no unit of kind working_group under units",
    ),
    "many_leads": ("牵头单位不止一个", "more than one lead unit"),
    "tolerance_needed": ("comparator 为 about 时要给出 tolerance", "about needs a tolerance"),
    "tolerance_unused": ("只有 about 才有 tolerance", "only about has a tolerance"),
    "ladder_needed": ("grade 类指标要给出 grade_ladder", "a grade needs its grade_ladder"),
    "ladder_unused": ("只有 grade 类指标才有 grade_ladder", "only a grade has a grade_ladder"),
    "grade_off_ladder": (
        "级别 {given} 不在 1 到 {top} 之间",
        "grade {given} is not a place on the ladder (1 to {top})",
    ),
    "built_value": ("built 类指标的目标只能是 1", "the target of something built is 1"),
    "whole_number": ("{given} 应为整数", "{given} must be a whole number"),
    "negative": ("{given} 不能为负", "{given} must not be negative"),
    "percent_averaged": (
        "比率不能相加或平均，用 ratio_of_sums 或 latest",
        "ratios are never added or averaged: use ratio_of_sums or latest",
    ),
    "wrong_direction": (
        "{year} 的目标 {given} 与方向 {direction} 相反",
        "the milestone {given} of {year} goes against the direction {direction}",
    ),
    "formula_of_derived": (
        "有且只有 derived 才有 formula",
        "derived takes a formula, and nothing else does",
    ),
    "unknown_metric": (
        "服务 {service} 不发布“{given}”",
        "service {service} publishes no metric '{given}'",
    ),
    "quantity_unit": (
        "quantity 和 unit 要同时给出",
        "quantity and unit are given together or not at all",
    ),
    "quantity_differs": (
        "数量 {given} {unit}与指标“{other}”的目标 {target} 不一致",
        "{given} {unit} differs from the target {target} of indicator '{other}'",
    ),
    "rule_inputs": (
        "公式 {formula} 的输入应为：{expected}",
        "formula {formula} takes the inputs {expected}",
    ),
    "floor_fund": (
        "counts_towards_floor 只用于专项资金",
        "only a special fund counts towards the floor",
    ),
    "subject_code": ("要写明代码", "the code of the subject is needed"),
    "count_of_days": (
        "cadence 为 {cadence} 时每年应有 {expected} 次，这里是 {given} 次",
        "{cadence} means {expected} times a year, here it is {given}",
    ),
}


def explain(finding: Finding, line: int) -> PlanError:
    """The error in words, in both languages."""
    zh, en = _TEXTS[finding.code]
    params = finding.params
    return PlanError(
        line=line,
        path=path_text(finding.path),
        code=finding.code,
        zh=zh.format_map(params),
        en=en.format_map(params),
    )
