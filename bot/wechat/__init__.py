"""The WeChat channel: a verified service account (服务号) in safe mode."""
