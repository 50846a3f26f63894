using System.Collections.Generic;
using Pulumi;
using CloudAssistant = Pulumi.CloudAssistant;

return await Deployment.RunAsync(() =>
{
    var hello = new CloudAssistant.Invocation("hello", new()
    {
        CommandId = "c-hello",
        InstanceIds = new[] { "i-web1", "i-web2" },
    });
    var nightly = new CloudAssistant.Invocation("nightly", new()
    {
        CommandId = "c-hello",
        InstanceIds = new[] { "i-web1", "i-web2" },
        Frequency = "0 0 2 * * ? Asia/Shanghai",
    });
    return new Dictionary<string, object?>
    {
        ["printed"] = hello.Results.Apply(results => results["i-web1"].Output),
        ["status"] = nightly.Status,
    };
});
