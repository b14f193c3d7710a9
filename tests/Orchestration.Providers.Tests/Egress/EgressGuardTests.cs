using Microsoft.Extensions.Options;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Egress;

namespace Orchestration.Providers.Tests.Egress;

public sealed class EgressGuardTests
{
    private readonly EgressGuard _guard = new(Options.Create(new EgressOptions { AllowedHosts = { "models.internal:8000" } }));

    [Theory]
    [InlineData("https://api.example.com/v1", false, true)]
    [InlineData("http://api.example.com/v1", false, false)]
    [InlineData("https://10.0.0.1/v1", false, false)]
    [InlineData("https://api.example.com/v1?key=1", false, false)]
    [InlineData("ftp://api.example.com/v1", false, false)]
    [InlineData("not an address", false, false)]
    [InlineData("http://models.internal:8000/v1", false, true)]
    [InlineData("http://models.internal:8001/v1", false, false)]
    [InlineData("http://localhost:8095/deepseek/v1", true, true)]
    [InlineData("http://127.0.0.1:8095/deepseek/v1", true, true)]
    [InlineData("http://localhost:8095/deepseek/v1", false, false)]
    [InlineData("https://api.example.com/v1", true, false)]
    public void Address_is_checked_before_anything_is_sent(string url, bool simulated, bool allowed) =>
        (_guard.Check(new Deployment { Id = "d", BaseUrl = url, Simulated = simulated }, out _) is null).ShouldBe(allowed);

    [Fact]
    public void Base_address_keeps_its_whole_path()
    {
        _guard.Check(new Deployment { Id = "d", BaseUrl = "https://api.example.com/compatible/v1" }, out var address);

        new Uri(address, "chat/completions").ShouldBe(new Uri("https://api.example.com/compatible/v1/chat/completions"));
    }
}
