"""Its years: the section of Real ACOs that shows all years of the ACO on the desk."""

from mssp_sim.aco import Aco, short_name
from mssp_sim.app import show
from mssp_sim.cms_files.own_years import own_years
from mssp_sim.screens.real_acos import words
from mssp_sim.screens.real_acos.years_picture import years_picture


def draw(aco: Aco) -> None:
    """Put all years of an ACO on the page: a sentence, one picture, the table behind it."""
    years = own_years(aco.aco_id)
    if not years:
        show.quiet(words.OWN_FILE_ALONE)
        return
    story = words.story(years)
    show.title(f"{short_name(aco.name)}: {story[0].lower()}{story[1:]}")
    said = words.described(years)
    picture = years_picture(years, show.theme(), said)
    show.picture(picture, key="its_years")
    show.quiet(words.under_picture(years))
    show.data(("its years", picture), key="its_years_data")
