"""Work that is asked for by a request and done by the worker, where its progress can be watched.

A request stores a job with its effect (`store.enqueue`) and answers 202. A worker claims it for a
while (`runner`), says that it is alive, and finishes it in the transaction of the job's own effect.
When a worker dies another one takes the job over; what the dead one may still try to write is
refused, because every claim has a number and only the last one counts.
"""
