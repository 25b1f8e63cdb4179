"""授权书、承诺书等: what the letters of a filing may say about it."""
