"""The authorisation matrix: role × operation × relation × state, every cell of it called.

What must come out is what the API document says (`x-permission`, `x-permissions`); what is called
is every operation the app has. A service's `tests/test_authorisation.py` tells only how its objects
come to be. A new resource is added in five lines:

    Resource("/things", one="/things/{thing_id}",       # the list; the path of one of them
        make=a_thing,     # `await make(state, unit)`: the JSON of a new one, in that state
        create=a_body,    # `await create(unit)`: a body that makes a new one, not used before
        steps={"submit": {"draft"}})                    # the states a step is possible from

What can be left out: `create` without a POST on the list, `steps` without a state machine, `one`
where only a list exists. States come from the document (`state` or `status` of the object).
`POST …/batch` and `POST …/import` of a list need nothing: they are called with bodies of `create`.
"""
