"""The steps of the rule. They do not know each other; ``simulation.py`` puts them in order.

Axes: a quantity by enrollment type has the four types on its last axis, one by benchmark year
has BY1 to BY3 on the axis before it. Axes in front of those are the batch.
"""
