"""What happens in a life: a script of people's behaviour, read from the top of each file to its end.

Numbers beside a word are weights: how many of a hundred do it so. What has a service goes through it (`acts`).
"""

from tnw.web.demo.behaviour import doctor, questionnaire, recognition, routes, work
from tnw.web.demo.course import Course, Life
from tnw.web.demo.people import Person, chance

ROADS = {"A": 70, "B": 20, "C": 10}


def live(person: Person, seed: int) -> Life:
    """The whole life of one incapacity, the same for the same person and seed."""
    course = Course(person, chance(seed, person.fund, person.number, "life"))
    if recognition.begin(course):
        road = course.pick(ROADS)
        asked = course.start + course.between(35, 300)
        if road == "B" and asked < questionnaire.made_ready(course):
            routes.request(course, asked)
        questionnaire.ask(course)
        if road == "B" and asked >= questionnaire.made_ready(course):
            routes.request(course, asked)
        doctor.see(course)
        doctor.assess_first(course)
        if road == "C":
            routes.register(course)
        work.adapt(course)
        recognition.change(course)
        recognition.end(course)
    return course.life()
