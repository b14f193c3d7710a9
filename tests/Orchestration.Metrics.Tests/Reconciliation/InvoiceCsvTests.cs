using Orchestration.Metrics.Reconciliation.Invoices;

namespace Orchestration.Metrics.Tests.Reconciliation;

public sealed class InvoiceCsvTests
{
    [Fact]
    public void Columns_may_stand_in_any_order_and_equal_lines_are_added_up()
    {
        var (lines, problem) = InvoiceCsv.Read("\uFEFFmodel,amount,Day,note\r\n\"a, b\",1.5,2026-11-01,x\r\nsmall,2,2026-11-02,\r\n\"a, b\",-0.25,2026-11-01,\"say \"\"hi\"\"\"\r\n");

        problem.ShouldBeNull();
        lines.ShouldBe(new Dictionary<(DateOnly, string), decimal>
        {
            [(new DateOnly(2026, 11, 1), "a, b")] = 1.25m,
            [(new DateOnly(2026, 11, 2), "small")] = 2m,
        });
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("day,model\n2026-11-01,a", "line 1")]
    [InlineData("day,model,amount\n", "no lines")]
    [InlineData("day,model,amount\n2026-11-31,a,1", "line 2: not a day")]
    [InlineData("day,model,amount\n2026-11-01,,1", "line 2: not a model")]
    [InlineData("day,model,amount\n2026-11-01,a,1\n2026-11-01,a,1e5", "line 3: not an amount")]
    [InlineData("day,model,amount\n2026-11-01,a,0.0000000000000001", "line 2: not an amount")]
    [InlineData("day,model,amount\n2026-11-01,a,1,2", "line 2: 3 columns")]
    public void What_cannot_be_read_is_told_by_its_line(string csv, string problem) =>
        InvoiceCsv.Read(csv).Problem.ShouldNotBeNull().ShouldStartWith(problem);

    [Theory]
    [InlineData(100, 101, 1, true)]
    [InlineData(100, 101.01, 1, false)]
    [InlineData(100, 98.99, 1, false)]
    [InlineData(0, 0, 0, true)]
    [InlineData(0, 0.01, 100, false)]
    public void Tolerance_is_a_share_of_what_was_recorded(decimal recorded, decimal invoiced, decimal percent, bool within) =>
        new InvoiceLine(null, "", invoiced, recorded, 0, 0).IsWithin(percent).ShouldBe(within);
}
