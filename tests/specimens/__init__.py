"""Papers as a filing needs them, drawn by us: clearly specimens (样例), of nobody that lives."""
