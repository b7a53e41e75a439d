(select record_id, '{kind}' as kind, value, run as first_run
 from (select record_id, {kind} as value, run from dated_versions where _is_only and {kind} is not null
       union all
       select record_id, {kind}, min(run) from dated_versions where not _is_only and {kind} is not null group by all)
 order by value, record_id)