"""The steps of the rule: ``target.py`` and ``simulation.py`` put them in order.

They do not know each other.

Axes: a quantity by enrollment type has the four types on its last axis, one by benchmark year
has BY1 to BY3 on the axis before it. Axes in front of those are the batch.
"""
