using MassTransit;
using Orchestration.ServiceDefaults.Messaging;

namespace Orchestration.ServiceDefaults.Tests.Messaging;

public sealed class BrokerAbsenceTests
{
    private static readonly RabbitMqConnectionException Unreachable = new("Broker unreachable");

    [Fact]
    public void Broker_alone_explains_a_failed_stop_however_often_it_is_named()
    {
        BrokerAbsence.Explains(Unreachable).ShouldBeTrue();
        BrokerAbsence.Explains(new AggregateException(Unreachable, new AggregateException(Unreachable))).ShouldBeTrue();
    }

    [Fact]
    public void Any_other_failure_beside_it_is_still_a_failure()
    {
        BrokerAbsence.Explains(new InvalidOperationException()).ShouldBeFalse();
        BrokerAbsence.Explains(new AggregateException(Unreachable, new InvalidOperationException())).ShouldBeFalse();
        BrokerAbsence.Explains(new AggregateException()).ShouldBeFalse();
    }
}
