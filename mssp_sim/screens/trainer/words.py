"""What the Trainer desk says of a live room: how to open one, how to run it, what if it fails."""

OPEN = (
    "Trainees join with their own phones: a code and a link, no account. The room lives 24 hours, "
    "then its rows are gone."
)
OFF = (
    "Live rooms are off. Whoever runs the app turns them on with the setting MSSP_ROOMS; the vote "
    "by raised hands needs none."
)
YOUR_LINK = (
    "This page's address holds your key: keep it to yourself. It brings you back to the room, on "
    "any machine; the wall and the phones do not have it."
)
GUIDE = (
    ("Before they come", "Open the wall in a window of its own on the projector, full screen."),
    ("1 minute", "Say: open the camera, point it at the square, tap Join. No name is needed."),
    (
        "2 minutes",
        "Start with a vote. Nobody sees an answer, their own included, until you reveal.",
    ),
    ("3 minutes", "Lock when the count stands still. Ask two people why before you reveal."),
    ("4 minutes", "Reveal, and be silent for ten seconds. Then ask: what did we believe?"),
    (
        "5 minutes",
        "Next. Absent phones hold nobody up; late ones join in the middle of a round.",
    ),
)
WIFI = (
    "If the Wi-Fi fails: phones come back by themselves and find their answers, so wait half a "
    "minute. If it stays away, go on with raised hands: the desk has the same cards and a vote "
    "that is typed in. What was confirmed is kept, and the room goes on when the network is back."
)
REHEARSE = (
    "Thirty simulated seats answer each round within a few seconds, so that you can see the wall "
    "at home. They are marked in the list; open another room for the real group."
)
FIRST = (
    "Ask the first question when most are in; late phones join in the middle. Until then the wall "
    "shows the code."
)
STATES = {
    "collecting": "answers are taken",
    "locked": "locked, under the curtain",
    "revealed": "revealed",
}
AWAY, SIMULATED, ANSWERED = "away", "simulated", "answered"
END = "Ends it for everybody and deletes its rows now, not after 24 hours."
AUTUMNS = (
    "Five years of an agreement, one decision each: ten tokens for cost and quality. The years "
    "bring the same luck to every team."
)
AUTUMNS_ASKED = "Five autumns: where do your ten tokens go this year, on cost or on quality?"
NOTHING_YET = "Nothing is revealed yet."
RECALL = "Send these links in a week: each asks again, in a new situation where there is one."
