"""What WeChat's service accounts and WeCom's customer service have in common."""
