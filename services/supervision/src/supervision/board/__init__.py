"""The board: how the open items of each unit stand, and how long closing takes."""
