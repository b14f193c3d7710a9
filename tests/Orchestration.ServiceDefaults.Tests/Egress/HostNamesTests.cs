using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Orchestration.ServiceDefaults.Egress;

namespace Orchestration.ServiceDefaults.Tests.Egress;

public sealed class HostNamesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly HostNames _names;
    private int _asked;
    private bool _works;

    public HostNamesTests() => _names = new HostNames(_time);

    [Fact]
    public async Task Name_that_does_not_resolve_is_asked_for_again_after_five_seconds_and_no_sooner()
    {
        await FailsAsync();
        _time.Advance(TimeSpan.FromSeconds(4.9));
        await FailsAsync();
        _asked.ShouldBe(1);

        _works = true;
        _time.Advance(TimeSpan.FromSeconds(0.2));

        (await ResolveAsync()).ShouldBe([IPAddress.Parse("192.0.2.1")]);
        _asked.ShouldBe(2);
    }

    [Fact]
    public async Task Name_that_resolves_is_asked_for_every_time_so_that_a_change_counts()
    {
        _works = true;
        await ResolveAsync();
        await ResolveAsync();

        _asked.ShouldBe(2);
    }

    private async Task FailsAsync() => (await Should.ThrowAsync<SocketException>(ResolveAsync)).SocketErrorCode.ShouldBe(SocketError.HostNotFound);

    private Task<IPAddress[]> ResolveAsync() => _names.ResolveAsync(
        "api.example.com",
        (_, _) =>
        {
            _asked++;
            return _works ? Task.FromResult(new[] { IPAddress.Parse("192.0.2.1") }) : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound));
        },
        TestContext.Current.CancellationToken).AsTask();
}
