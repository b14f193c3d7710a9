using Microsoft.Extensions.Options;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Egress;
using Orchestration.Providers.Profiles;
using Orchestration.ServiceDefaults.Egress;

namespace Orchestration.Providers.Tests.Egress;

public sealed class DeploymentEgressTests
{
    private static readonly VendorProfile Profile = new()
    {
        Provider = "acme",
        Endpoints = [new VendorEndpoint("", "https://api.example.com/v1", "ACME_API_KEY"), new VendorEndpoint("", "https://ports.example.com:8443/v1", "ACME_API_KEY")],
        OtherHosts = ["eu.example.com"],
    };

    private readonly DeploymentEgress _guard = new(new EgressGuard(Options.Create(new EgressOptions { AllowedHosts = { "models.internal:8000" } }), new HostNames(TimeProvider.System)));

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
    [InlineData("https://API.example.com/v1", false, true)]
    [InlineData("https://api.example.com:443/v1", false, true)]
    [InlineData("https://api.example.com:8443/v1", false, false)]
    [InlineData("https://eu.example.com:8443/v1", false, false)]
    [InlineData("https://ports.example.com:8443/v1", false, true)]
    [InlineData("https://ports.example.com/v1", false, false)]
    [InlineData("https://eu.example.com/v1", false, true)]
    [InlineData("https://api.example.com.evil.example/v1", false, false)]
    [InlineData("https://evil.example/v1", false, false)]
    [InlineData("https://models.internal:8000/v1", false, true)]
    public void Address_is_checked_before_anything_is_sent(string url, bool simulated, bool allowed) =>
        (_guard.Check(new Deployment { Id = "d", BaseUrl = url, Simulated = simulated }, Profile, out _) is null).ShouldBe(allowed);

    [Fact]
    public void Base_address_keeps_its_whole_path()
    {
        _guard.Check(new Deployment { Id = "d", BaseUrl = "https://api.example.com/compatible/v1" }, Profile, out var address);

        new Uri(address, "chat/completions").ShouldBe(new Uri("https://api.example.com/compatible/v1/chat/completions"));
    }
}
