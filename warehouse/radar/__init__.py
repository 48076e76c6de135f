"""数据疑点: patterns in the loaded data that deserve a question, each with its chance and rows."""
