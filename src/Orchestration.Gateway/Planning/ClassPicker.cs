using Grpc.Core;
using Microsoft.Extensions.Options;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.RouteTables;
using Orchestration.ServiceDefaults.Grpc;

namespace Orchestration.Gateway.Planning;

/// <summary>Finds the class of a prompt for a route that chooses by class: the caller's word, else Routing's, else the route's safe default.</summary>
internal sealed class ClassPicker(
    RoutingService.RoutingServiceClient routing,
    InternalCalls calls,
    IOptions<GatewayOptions> options,
    GatewayTelemetry telemetry)
{
    public async ValueTask<PickedClass> PickAsync(CompiledRoute route, PlanningRequest request, CancellationToken cancellationToken)
    {
        if (!route.ChoosesByClass)
            return new PickedClass("", "", null);
        if (request.Hints is { Complexity.Length: > 0 } hints && route.HasClass(hints.Complexity))
            return new PickedClass(hints.Complexity, "the caller asked for this class", null);
        try
        {
            var classify = new ClassifyRequest
            {
                TenantId = request.Caller.TenantId,
                Route = route.Route.Name,
                Text = request.LastUserText(),
                Features = request.Features,
            };
            var answer = await routing.ClassifyAsync(
                classify,
                calls.For(request.Caller.TenantId, "chat", options.Value.ClassifyTimeout, cancellationToken));
            if (route.HasClass(answer.RequestClass))
                return new PickedClass(answer.RequestClass, answer.Reason, null);
            if (answer.RequestClass.Length == 0 && answer.Reason.Length > 0)
                return new PickedClass(route.Route.DefaultClass, answer.Reason, null);
        }
        catch (RpcException) when (!cancellationToken.IsCancellationRequested)
        {
            telemetry.ClassifierFailed();
        }

        return new PickedClass(route.Route.DefaultClass, "the classifier did not answer in time", DefaultTaken(route));
    }

    private static Warning DefaultTaken(CompiledRoute route) => new()
    {
        Code = "classifier_unavailable",
        Param = "model",
        Message = $"The prompt could not be classified in time; the class '{route.Route.DefaultClass}' of route '{route.Route.Name}' was assumed.",
    };
}

/// <summary>A class and why.</summary>
internal readonly record struct PickedClass(string Name, string Reason, Warning? Warning);
