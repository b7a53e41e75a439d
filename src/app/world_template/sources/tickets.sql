-- source: tickets   kind: support   rank: 70
-- Told when it is opened, and again when it is closed: the later word counts.
select requester->>'$.email' as email, requester->>'$.name' as full_name, id as event_id, created as time,
       'ticket' as type, 'email' as channel, topic as reason, closed as closed_at, stars as satisfaction
from read_json('data/tickets/*.jsonl', columns = {'id': 'VARCHAR', 'created': 'VARCHAR', 'closed': 'VARCHAR',
                                                  'requester': 'JSON', 'topic': 'VARCHAR', 'stars': 'BIGINT'})
