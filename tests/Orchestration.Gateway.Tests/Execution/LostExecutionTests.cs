using System.Net;
using Grpc.Core;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Tests.Hosting;
using Orchestration.ServiceDefaults.Failures;

namespace Orchestration.Gateway.Tests.Execution;

public sealed class LostExecutionTests(GatewayFixture fixture)
{
    [Fact]
    public async Task Refusal_before_any_attempt_is_settled_as_released()
    {
        var script = fixture.Peers.Providers.Script(_ => throw Refusal());

        (await SettlementAsync(script)).ShouldBe("released");
    }

    [Fact]
    public async Task Failure_after_an_attempt_is_settled_as_estimated()
    {
        var script = fixture.Peers.Providers.Script(async call =>
        {
            await call.AttemptAsync();
            throw Refusal();
        });

        (await SettlementAsync(script)).ShouldBe("estimated");
    }

    private async Task<string> SettlementAsync(string script)
    {
        using var response = await fixture.Gateway.Client.PostAsync(Chat.Body(script));
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        return (await fixture.Gateway.CompletedAsync(response.RequestId(), TestContext.Current.CancellationToken)).Settlement;
    }

    private static RpcException Refusal() =>
        new Failure { FailureClass = FailureClass.Unavailable, Code = "unavailable", Message = "Not now.", Retryable = true }.ToRpcException();
}
