import time, pytest
from tests.cast import World
from tests.transports.api.things import caller, counted_queries
def test_count(world: World) -> None:
    ana=caller(world)
    with counted_queries() as st:
        ana("POST","/check-out",{"copy_ids":[world.copy],"person_id":world.bo_person})
    print(len(st)); [print(x[:150]) for x in st]
    ana("POST","/return",{"copy_ids":[world.copy]})
    t=time.process_time()
    for _ in range(50):
        ana("POST","/check-out",{"copy_ids":[world.copy],"person_id":world.bo_person}); ana("POST","/return",{"copy_ids":[world.copy]})
    print("cpu ms per request", (time.process_time()-t)*10)
    import cProfile,pstats
    pr=cProfile.Profile(); pr.enable()
    for _ in range(50):
        ana("POST","/check-out",{"copy_ids":[world.copy],"person_id":world.bo_person}); ana("POST","/return",{"copy_ids":[world.copy]})
    pr.disable(); pstats.Stats(pr).sort_stats("cumtime").print_stats(45)
