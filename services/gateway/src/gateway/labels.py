"""What fields are called in Chinese, in the column heads of workbooks; what each resource is."""

LABELS = {
    "action": "操作",
    "actor": "操作人",
    "after_digest": "变更后摘要",
    "aggregate_id": "聚合标识",
    "aggregate_version": "聚合版本",
    "allowed_networks": "允许网段",
    "attempts": "尝试次数",
    "before_digest": "变更前摘要",
    "causation_id": "起因标识",
    "client_id": "客户端",
    "correlation_id": "关联标识",
    "data": "内容",
    "delivered_at": "送达时间",
    "disabled": "已停用",
    "disabled_reason": "停用原因",
    "error": "错误",
    "event_id": "事件标识",
    "failing_since": "开始失败时间",
    "last_used_at": "最近使用时间",
    "log": "发送记录",
    "logged_at": "登记时间",
    "next_attempt_at": "下次发送时间",
    "object_id": "对象标识",
    "object_type": "对象类型",
    "occurred_at": "发生时间",
    "outcome": "结果",
    "parked_at": "搁置时间",
    "position": "序号",
    "publisher": "发布服务",
    "rate_limit": "限流",
    "reason": "原因",
    "replay_requested_at": "要求重放时间",
    "request_id": "请求标识",
    "resolved_at": "解决时间",
    "roles": "角色",
    "scopes": "授权范围",
    "secrets": "有效密钥",
    "service": "服务",
    "stream_seq": "流序号",
    "subject": "主题",
    "subjects": "主题",
    "time": "时间",
    "type": "类型",
    "types": "事件类型",
    "unit": "单位",
    "units": "单位",
    "url": "地址",
}

RESOURCES = {
    "audit-entries": "各服务的审计记录，可按人、对象与请求查询。 "
    "The audit trail of all services, by person, object and request.",
    "clients": "接口客户端及其密钥、角色与限流。 API clients with their secrets, roles and limits.",
    "events": "已发布的事件：列表与实时事件流。 "
    "What was published: as a list and as a live stream.",
    "jobs": "批量作业：进度、出错单元格、结果文件与取消。 "
    "Long work such as imports: progress, wrong cells, the result, cancelling.",
    "overview": "驾驶舱总览，汇集各服务的要点。 "
    "The cockpit: the main points of every service in one answer.",
    "parked-events": "无法处理而搁置的事件及其重放。 "
    "Events a service could not apply, and trying them again.",
    "tokens": "以客户端凭证换取访问令牌。 Access tokens for client credentials.",
    "webhooks": "事件回调的订阅、签名密钥与投递记录。 "
    "Webhooks: subscriptions, signing secrets and deliveries.",
}
"""The tags of the document, in both languages."""
