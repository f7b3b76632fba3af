"""`POST /api/v1/<resource>/import`: a workbook or CSV of creations, done as a job.

Every row goes through the operation that creates a single one (`add`), or many go through the use
case that creates many by the same rules (`writing`). The file is looked at before it is taken
(`archive`), opened only in a child process with limits (`child`), and given back with what is wrong
in it (`annotate`).
"""
