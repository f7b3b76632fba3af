"""The audit trail made tamper-evident: its rows are chained after they were committed, where the
chain stands is signed and told off the machine, and what does not fit any more is found."""
