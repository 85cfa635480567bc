using CsCheck;
using FluentAssertions;
using GauRuntime.Encoder;
using Xunit;

namespace GauRuntime.Tests.Encoder;

/// <summary>How workers share the columns of products.</summary>
public sealed class ColumnShareTests
{
    [Fact]
    public void Next_AnyProductsAndWorkers_EveryColumnIsOneWorkers() =>
        Gen.Select(
            Gen.Int[1, 40], Gen.Select(Gen.Int[1, 90], Gen.Int[1, 16]).Array[1, 4]).Sample((workers, products) =>
        {
            int total = products.Sum(product => 16 * product.Item1);
            int[] taken = new int[products.Length];   // columns of each, by the workers so far
            for (int worker = 0; worker < workers; worker++)
            {
                ColumnShare share = new(total, worker, workers);
                for (int i = 0; i < products.Length; i++)
                {
                    (int count, int unit) = (16 * products[i].Item1, 16 * products[i].Item2);
                    Columns columns = share.Next(count, unit);
                    columns.From.Should().Be(taken[i]);
                    columns.Count.Should().BeGreaterThanOrEqualTo(0);
                    (columns.To % unit == 0 || columns.To == count).Should().BeTrue("units stay together");
                    taken[i] = columns.To;
                }
            }
            taken.Should().Equal(products.Select(product => 16 * product.Item1));
        });

    [Fact]
    public void Next_ProductsOfALayer_AreEvenlyShared()
    {
        // z, u and v of the base size on two workers: whoever has z has less of u.
        ColumnShare first = new(128 + 2 * 1536, 0, 2), second = new(128 + 2 * 1536, 1, 2);
        ((Columns[])[first.Next(128, 128), first.Next(1536), first.Next(1536)]).Should().Equal(
            new Columns(0, 128), new Columns(0, 1472), new Columns(0, 0));
        ((Columns[])[second.Next(128, 128), second.Next(1536), second.Next(1536)]).Should().Equal(
            new Columns(128, 128), new Columns(1472, 1536), new Columns(0, 1536));
    }

    [Fact]
    public void Next_OneAlone_HasAllColumns()
    {
        ColumnShare all = new(48 + 80, 0, 1);
        all.Next(48, 48).Should().Be(new Columns(0, 48));
        all.Next(80).Should().Be(new Columns(0, 80));
    }
}
