"""The channel of WeCom customer service (微信客服): people write to it from WeChat."""
