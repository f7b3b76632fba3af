"""What the fields of this service are called in Chinese: the column heads of its workbooks."""

LABELS = {
    "allowed_networks": "允许网段",
    "client_id": "客户端标识",
    "disabled": "已停用",
    "last_used_at": "最近使用时间",
    "rate_limit": "限流",
    "roles": "角色",
    "scopes": "授权范围",
    "secrets": "有效密钥",
    "unit": "单位",
}
