using Microsoft.Extensions.Options;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Egress;
using Orchestration.Providers.Profiles;
using Orchestration.ServiceDefaults.Egress;

namespace Orchestration.Providers.Tests.Egress;

public sealed class RegionTests
{
    private static readonly VendorProfiles Shipped = VendorProfiles.Load(Path.Combine(AppContext.BaseDirectory, "Profiles"));

    [Theory]
    [InlineData("zhipu", "cn", "https://open.bigmodel.cn/api/paas/v4", true)]
    [InlineData("zhipu", "cn", "https://api.z.ai/api/paas/v4", false)]
    [InlineData("zhipu", "intl", "https://open.bigmodel.cn/api/paas/v4", false)]
    [InlineData("zhipu", "us", "https://open.bigmodel.cn/api/paas/v4", false)]
    [InlineData("zhipu", "sg", "https://api.z.ai/api/paas/v4", true)]
    [InlineData("alibaba", "cn", "https://dashscope-intl.aliyuncs.com/compatible-mode/v1", false)]
    [InlineData("moonshot", "intl", "https://api.moonshot.cn/v1", false)]
    [InlineData("deepseek", "cn", "https://api.deepseek.com", true)]
    public void Deployment_whose_host_answers_in_another_region_is_not_asked(string provider, string region, string url, bool allowed)
    {
        var guard = new DeploymentEgress(new EgressGuard(Options.Create(new EgressOptions()), new HostNames(TimeProvider.System)));

        var refused = guard.Check(new Deployment { Id = "d", Provider = provider, Region = region, BaseUrl = url }, Shipped.For(provider), out _);

        (refused?.Code ?? "").ShouldBe(allowed ? "" : "region_mismatch");
    }
}
