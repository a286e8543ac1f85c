import time, cProfile, pstats
from datetime import date, datetime, UTC
from dataclasses import replace
import httpx
from app import sandbox
from app.demo.load import load_with
from app.demo.resources import team, demo
from app.security.scopes import PRIVILEGED
from tests.callers import acting, granted
async def test_it(client):
    as_sandbox = granted(str(PRIVILEGED), organisation=sandbox.ORGANISATION)
    client = acting(client, as_sandbox)
    client.base_url = httpx.URL("http://kith.test")
    t=time.time(); res=team(datetime.now(UTC).date()); print("\nmade", time.time()-t, len(res))
    pr=cProfile.Profile(); 
    t=time.time(); c=time.process_time(); 
    pr.enable()
    r=await load_with(client,res,lambda d,n: print(d,n,round(time.time()-t,1), round(time.process_time()-c,1)))
    pr.disable()
    print(r, time.time()-t)
    pstats.Stats(pr).sort_stats("cumtime").print_stats(70)
    t=time.time(); r=await load_with(client,res,lambda d,n: None)
    print(r, time.time()-t)
