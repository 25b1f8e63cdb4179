"""Reading papers in photos, offline: the optional extra `ocr`."""
