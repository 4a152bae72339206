import pytest, time, csv, io
from tests.exchange.support import register
from tests.exchange.test_importing import bring_in
pytestmark=[pytest.mark.db]
def test_time(world):
    rows=list(csv.reader(io.StringIO(register('campus-keys.csv').decode('utf-8-sig'))))
    out=io.StringIO(); w=csv.writer(out); w.writerow(rows[0]); 
    for k in range(5):
        for r in rows[1:]: w.writerow([r[0]+f'Q{k}' if r[0] else '',*r[1:]])
    t=time.process_time(); w0=time.time(); a=bring_in(world.ana, out.getvalue(),'big.csv'); print('big',a.copies_made,'cpu s',time.process_time()-t, time.time()-w0)
    from keystead.journal.models import Entry
    print(Entry.objects.count())
