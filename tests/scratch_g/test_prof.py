import time, cProfile, pstats
import pytest
from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext
from keystead.custody import operations as custody
from keystead.kernel.errors import KeysteadError
from keystead.people import operations as people
@pytest.mark.db
def test_x(world):
    p2 = people.add_person(world.ana, name="X")
    copies = custody.cut_copies(world.ana, key_id=world.key, count=300)
    with CaptureQueriesContext(connection) as c:
        custody.check_out(world.ana, copy_ids=[world.copy], person_id=world.bo_person)
    for q in c.captured_queries: print(q["sql"][:230])
    print("-----refused")
    def refuse(n=300):
        for i in range(n):
            try: custody.check_out(world.ana, copy_ids=[world.copy], person_id=p2)
            except KeysteadError: pass
    with CaptureQueriesContext(connection) as c:
        refuse(1)
    for q in c.captured_queries: print(q["sql"][:230])
    t=time.process_time(); refuse(); print("refused cpu ms", (time.process_time()-t)/300*1000)
    t=time.process_time()
    for k in copies: custody.check_out(world.ana, copy_ids=[k], person_id=p2)
    print("ok cpu ms", (time.process_time()-t)/300*1000)
    pr=cProfile.Profile(); pr.enable(); refuse(); pr.disable()
    pstats.Stats(pr).sort_stats("cumtime").print_stats(45)
