"""Every experiment, in the order of the table."""

from harness.experiments import bulk, connection, crowd, fairness, idle, rate, request, stalled, start

ALL = (
    request.EXPERIMENT,
    connection.EXPERIMENT,
    bulk.EXPERIMENT,
    stalled.EXPERIMENT,
    fairness.EXPERIMENT,
    rate.EXPERIMENT,
    idle.EXPERIMENT,
    crowd.EXPERIMENT,
    start.EXPERIMENT,
)
