// n8n finds the nodes and the credential through package.json ("n8n"). This is for everybody else.
module.exports = {
	...require('./dist/credentials/KuvarPayApi.credentials.js'),
	...require('./dist/nodes/KuvarPay/KuvarPay.node.js'),
	...require('./dist/nodes/KuvarPay/KuvarPayTrigger.node.js'),
	...require('./dist/nodes/KuvarPay/KuvarPayWebhookTrigger.node.js'),
};
