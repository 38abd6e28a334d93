"""Start here: ``streamlit run app.py``."""

import os

import streamlit as st

from mssp_sim.app import fair_scheduling, frame, live, start

if __name__ == "__main__":  # the script of a session
    with fair_scheduling.turn(live.on_the_way):
        frame.draw()
else:  # the server, before anybody comes
    from starlette.middleware import Middleware

    import mssp_sim.screens.simulator.page  # noqa: F401  (the first page, with all that it imports)
    from mssp_sim.app import audit
    from mssp_sim.app.headers import Headers
    from mssp_sim.app.waiting import Waiting

    audit.checked(os.environ)
    start.prepare()
    app = st.App(
        __file__,
        lifespan=start.lifespan,
        middleware=[Middleware(Headers), Middleware(Waiting), Middleware(audit.Exports)],
        on_script_error=start.apologise,
    )
