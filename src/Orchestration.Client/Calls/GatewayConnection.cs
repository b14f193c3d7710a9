using Grpc.Core;

namespace Orchestration.Client.Calls;

/// <summary>The one channel that all calls of a client share.</summary>
internal sealed class GatewayConnection(CallInvoker calls)
{
    public CallInvoker Calls => calls;
}
