using Grpc.Core;
using Npgsql;

namespace Orchestration.ServiceDefaults.Messaging;

/// <summary>Tells a store or service that is away from a message that is wrong.</summary>
internal static class Outages
{
    public static bool IsOutage(Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (current is NpgsqlException { IsTransient: true } or RpcException { StatusCode: StatusCode.Unavailable })
            {
                return true;
            }
        }

        return false;
    }
}
