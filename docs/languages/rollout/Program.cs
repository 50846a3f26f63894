using System.Collections.Generic;
using Pulumi;
using CloudAssistant = Pulumi.CloudAssistant;

return await Deployment.RunAsync(() =>
{
    var agent = new CloudAssistant.Rollout("agent", new()
    {
        CommandId = "c-install",
        ResourceTags = { { "role", "web" } },
        Parameters = { { "version", "2.4.0" } },
        Waves = new Union<int, string>[] { 1, "10%", "100%" },
        MaxFailures = "1%",
    });
    return new Dictionary<string, object?>
    {
        ["status"] = agent.Status,
        ["failed"] = agent.Failures,
    };
});
