"""The kinds of answers: how each is read, shown, masked and recognised in a sentence."""
