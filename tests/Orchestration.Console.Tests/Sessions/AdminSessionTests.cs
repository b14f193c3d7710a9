using System.Security.Claims;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Web;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Time.Testing;
using Orchestration.Console.Sessions;
using Orchestration.Console.Tests.Hosting;
using Orchestration.Contracts.Admin.V1;

namespace Orchestration.Console.Tests.Sessions;

public sealed class AdminSessionTests(ConsoleFixture fixture) : IDisposable
{
    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(
        fixture.Admin.Address, new GrpcChannelOptions
        {
            HttpHandler = new GrpcWebHandler(GrpcWebMode.GrpcWeb, new SocketsHttpHandler()),
            HttpVersion = System.Net.HttpVersion.Version11,
        });
    private readonly EndedSessions _ended = new(TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_is_made_in_the_operators_session()
    {
        var secret = await SignInAsync();

        (await StatusAsync(secret)).PolicyVersion.ShouldBe("policy-1");
        _ended.Contains(secret).ShouldBeFalse();
    }

    [Fact]
    public async Task Refused_session_is_remembered_as_ended()
    {
        var secret = await SignInAsync();
        fixture.Admin.Sessions.Alive[secret] = false;

        (await Should.ThrowAsync<RpcException>(() => StatusAsync(secret))).StatusCode.ShouldBe(StatusCode.Unauthenticated);

        _ended.Contains(secret).ShouldBeTrue();
    }

    [Fact]
    public async Task Live_page_of_an_ended_session_calls_nothing_more()
    {
        var secret = await SignInAsync();
        _ended.Add(secret);

        // The admin API would still take it.
        (await Should.ThrowAsync<RpcException>(() => StatusAsync(secret))).StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task Failing_admin_api_ends_no_session()
    {
        using var nowhere = GrpcChannel.ForAddress("http://127.0.0.1:9");

        await Should.ThrowAsync<RpcException>(() => Session("secret").CallAsync(
            call => new SystemService.SystemServiceClient(nowhere).GetStatusAsync(new GetSystemStatusRequest(), call), Cancellation));

        _ended.Contains("secret").ShouldBeFalse();
    }

    [Fact]
    public void Ended_sessions_are_forgotten_when_their_cookies_are_gone()
    {
        var time = new FakeTimeProvider();
        var ended = new EndedSessions(time);
        ended.Add("old");
        time.Advance(ConsoleExtensions.SessionLimit + TimeSpan.FromMinutes(1));

        ended.Add("new");

        (ended.Contains("old"), ended.Contains("new")).ShouldBe((false, true));
    }

    public void Dispose() => _channel.Dispose();

    private async Task<string> SignInAsync() =>
        (await new SessionService.SessionServiceClient(_channel).SignInAsync(
            new SignInRequest { Token = AdminApi.SignInToken }, cancellationToken: Cancellation)).Secret;

    private Task<SystemStatus> StatusAsync(string secret) => Session(secret).CallAsync(
        call => new SystemService.SystemServiceClient(_channel).GetStatusAsync(new GetSystemStatusRequest(), call), Cancellation);

    private AdminSession Session(string secret) => new(new SignedIn(secret), _ended, TimeProvider.System);

    private sealed class SignedIn(string secret) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() =>
            Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity([new Claim(AdminSession.SecretClaim, secret)], "test"))));
    }
}
