-- source: campaigns   kind: campaign
select campaign_id, offer_id, title, channel, form, begins_on, holdout_share
from read_csv('data/dimensions/campaigns.csv', delim = ',', types = {'campaign_id': 'VARCHAR'})
