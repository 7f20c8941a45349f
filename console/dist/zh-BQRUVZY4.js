var a={matter:"问题概述",which:"已知信息",not_known:"未知",say:"请写明是什么问题。",save:"保存",take_out:"不属实，移除",severity:"紧急程度",topic:"主题",skill:"技能",reason_stays:"机器人转接的原因会保留在记录中；转接时机请另行评价。"};export{a as default};
