(select i.record_id, '{kind}' as kind, i.value, r.run as first_run
 from (select record_id, {kind} as value, version from only_versions where {kind} is not null
       union all
       select record_id, {kind}, min(version) from other_versions where {kind} is not null group by all) i
 join version_rows r on r.row = i.version
 order by i.value, i.record_id)
